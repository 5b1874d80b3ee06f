# All flows that export datasets.
data "aep_flows" "all" {}

output "failed" {
  description = "The names of the flows whose last run failed."
  value       = [for flow in data.aep_flows.all.flows : flow.name if try(flow.last_run.status, "") == "failed"]
}

output "ended" {
  description = "The names of the flows whose exports have ended. Their state does not show it."
  value = [
    for flow in data.aep_flows.all.flows : flow.name
    if try(timecmp(flow.schedule.end_time, plantimestamp()) < 0, false)
  ]
}
