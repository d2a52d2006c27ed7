"""The ecosystems nox-rings knows. Their tuple is `nox_rings.ecosystems.all.ECOSYSTEMS`."""
