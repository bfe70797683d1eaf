output "endpoint" {
  description = "The S3 endpoint of these buckets' jurisdiction."
  value = (var.jurisdiction == "default"
    ? "https://${var.account_id}.r2.cloudflarestorage.com"
    : "https://${var.account_id}.${var.jurisdiction}.r2.cloudflarestorage.com"
  )
}

output "public_bucket" {
  description = "The bucket that the media domain reads."
  value       = cloudflare_r2_bucket.public.name
}

output "private_bucket" {
  description = "The bucket that no domain reads."
  value       = cloudflare_r2_bucket.private.name
}

output "public_url" {
  description = "Where public media are read."
  value       = "https://${cloudflare_r2_custom_domain.media.domain}"
}
