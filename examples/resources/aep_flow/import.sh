terraform import aep_flow.orders d0c1b2a3-9e8f-4d7c-a6b5-c4d3e2f1a004
