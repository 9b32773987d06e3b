"""Pure text: tokens, sentences, passages, cleaning, speech and dates. No I/O, no clock."""
