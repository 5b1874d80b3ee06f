"""`python -m provider_shim`: what Terraform starts, through the launcher that `flowbridge install` writes."""

from provider_shim.main import main

raise SystemExit(main())
