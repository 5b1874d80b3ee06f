terraform import aep_target_connection.orders 8a7b6c5d-4e3f-4a1b-9c8d-7e6f5a4b3c03
