"""The demonstration coalition: the coalition's own story, told with sample partners and sample people.

Facts about the coalition, its agenda, its campaigns and Arden Shore are from its public documents. Every
other organization, person and figure is made up and says so: addresses end in `.example`, phone numbers are
555-01xx, EINs begin with 00, and sample stories name themselves as such in their source line.
"""
