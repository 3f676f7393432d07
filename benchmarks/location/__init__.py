"""How long the location models take, how far they prove their answers, and in what memory."""
