"""Variables of compilers and of build tools of several ecosystems, as patterns (engine/plan/variables.py)."""

from __future__ import annotations

# What a C or C++ compiler is, and what it reads (https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html).
COMPILERS = (
    *("CC", "CXX", "CPP", "LD", "AR", "FC", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS"),
    *("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "LD_RUN_PATH"),
    *("PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR"),
    *("MACOSX_DEPLOYMENT_TARGET", "SDKROOT", "SOURCE_DATE_EPOCH"),
)
