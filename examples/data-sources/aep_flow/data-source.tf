# A flow that Terraform does not manage, for example one created in Adobe's web page.
data "aep_flow" "orders" {
  name = "orders to S3"
}

output "orders_end" {
  description = "When its exports end."
  value       = data.aep_flow.orders.schedule.end_time
}
