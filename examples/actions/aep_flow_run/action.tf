# terraform apply -invoke=action.aep_flow_run.orders
action "aep_flow_run" "orders" {
  config {
    flow_id             = aep_flow.orders.id
    wait_for_completion = true
  }
}
