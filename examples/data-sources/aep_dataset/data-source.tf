# The dataset with this name. It is an error if no dataset or several datasets have it.
data "aep_dataset" "orders" {
  name = "Orders"
}

resource "aep_source_connection" "orders" {
  name     = "orders"
  datasets = [{ id = data.aep_dataset.orders.id, name = data.aep_dataset.orders.name }]

  lifecycle {
    create_before_destroy = true
  }
}
