"""What every context shares: messages, refusals, quantities, money, personal data, streams."""
