"""The market: inventories, uploads, favourite sellers, shipping costs."""
