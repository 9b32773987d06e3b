"""Updates from Telegram to the handlers: by polling or webhook, each taken once, in their turn."""
