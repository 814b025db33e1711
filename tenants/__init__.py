"""What a tenant owns and does: vault, datasets, registry, training, generations, gallery, exit."""
