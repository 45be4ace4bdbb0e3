"""Where the money comes from: sources, agreements with funders, the budget."""
