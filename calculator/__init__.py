"""The calculator of landed cost: exact, explained, without files, clock or network."""
