# A flow that was made elsewhere, in Adobe's web page say.
data "aep_flow" "orders" {
  name = "orders to S3"
}

output "orders_end" {
  description = "When its exports end."
  value       = data.aep_flow.orders.schedule.end_time
}
