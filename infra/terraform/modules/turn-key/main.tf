variable "account_id" {
  description = "The Cloudflare account that pays for the relay."
  type        = string
}

variable "name" {
  description = "What the key is called in the dashboard."
  type        = string
}

# With this key the server mints short credentials, one participant each. The key itself stays on the server.
resource "cloudflare_calls_turn_app" "this" {
  account_id = var.account_id
  name       = var.name
}

output "key_id" {
  description = "The TURN key's id."
  value       = cloudflare_calls_turn_app.this.uid
}

output "api_token" {
  description = "Mints credentials for that key."
  value       = cloudflare_calls_turn_app.this.key
  sensitive   = true
}
