# Runs the flow now, and again whenever `triggers` changes.
resource "aep_flow_run_trigger" "orders" {
  flow_id  = aep_flow.orders.id
  triggers = { number = "1" }
}
