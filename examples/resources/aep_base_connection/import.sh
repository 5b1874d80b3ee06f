terraform import aep_base_connection.bucket 4d9e1b7c-3a5f-4c2d-8e6b-9f0a1c2d3e02
