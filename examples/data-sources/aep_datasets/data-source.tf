data "aep_datasets" "orders" {
  name = "Orders"
}

output "orders_dataset_ids" {
  value = data.aep_datasets.orders.datasets[*].id
}
