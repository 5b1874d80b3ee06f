data "aep_flow_runs" "orders" {
  flow_id = aep_flow.orders.id
  limit   = 10
}

output "failed_runs" {
  value = [for run in data.aep_flow_runs.orders.runs : run if run.status == "failed"]
}
