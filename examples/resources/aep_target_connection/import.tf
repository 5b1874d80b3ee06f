import {
  to = aep_target_connection.orders
  id = "8a7b6c5d-4e3f-4a1b-9c8d-7e6f5a4b3c03"
}
