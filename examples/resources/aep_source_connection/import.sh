terraform import aep_source_connection.orders 0c2f7a4e-6b1d-4f5e-9a3c-2d8b7e6f1a01
