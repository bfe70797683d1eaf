output "env" {
  description = "Lines for .env. The store's two keys are made by hand, so that they never lie in a state file."
  sensitive   = true
  value       = <<-ENV
    FERMATA_PUBLIC_URL=${var.public_url}
    FERMATA_ALLOWED_ORIGINS=${join(",", var.allowed_origins)}
    S3_ENDPOINT=${module.media_buckets.endpoint}
    S3_REGION=auto
    S3_FORCE_PATH_STYLE=1
    S3_PUBLIC_BUCKET=${module.media_buckets.public_bucket}
    S3_PRIVATE_BUCKET=${module.media_buckets.private_bucket}
    S3_PUBLIC_URL=${module.media_buckets.public_url}
    S3_ACCESS_KEY_ID=
    S3_SECRET_ACCESS_KEY=
    CLOUDFLARE_TURN_KEY_ID=${module.turn_key.key_id}
    CLOUDFLARE_TURN_API_TOKEN=${module.turn_key.api_token}
  ENV
}
