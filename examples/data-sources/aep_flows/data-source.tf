# All flows that export datasets.
data "aep_flows" "all" {}

output "failed" {
  description = "The names of the flows whose last run failed."
  value       = [for flow in data.aep_flows.all.flows : flow.name if try(flow.last_run.status, "") == "failed"]
}

output "ended" {
  description = "The names of the flows whose end_time has passed, disabled ones included. Single exports without end_time are not listed."
  value = [
    for flow in data.aep_flows.all.flows : flow.name
    if try(timecmp(flow.schedule.end_time, plantimestamp()) < 0, false)
  ]
}
