"""What is shown: answers, digests, settings and refusals as text and entities. Pure."""
