"""Goals, indicators, measurements and judgements; proposals and what became of them."""
