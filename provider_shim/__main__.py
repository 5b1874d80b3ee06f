"""`python -m provider_shim`: the provider process, started by the launcher that `flowbridge install`
writes."""

from provider_shim.main import main

raise SystemExit(main())
