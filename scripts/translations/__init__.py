"""Catalogues of translations: what there is to say, and what of it is said in another language."""
