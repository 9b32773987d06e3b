"""Messages to Telegram: at its pace, retried, never twice for lack of news."""
