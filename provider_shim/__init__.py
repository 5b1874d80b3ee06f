"""The Terraform provider for Adobe Experience Platform dataset exports."""
