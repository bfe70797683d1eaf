mock_provider "cloudflare" {
  mock_resource "cloudflare_calls_turn_app" {
    defaults = {
      uid = "turn-key"
      key = "turn-token"
    }
  }
}

variables {
  account_id      = "0123456789abcdef0123456789abcdef"
  zone_id         = "fedcba9876543210fedcba9876543210"
  name            = "studio"
  public_url      = "https://studio.example.com"
  allowed_origins = ["https://mirror.example.com"]
  media_domain    = "media.example.com"
}

run "writes_what_the_server_reads" {
  assert {
    condition     = output.env == <<-ENV
      FERMATA_PUBLIC_URL=https://studio.example.com
      FERMATA_ALLOWED_ORIGINS=https://mirror.example.com
      S3_ENDPOINT=https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com
      S3_REGION=auto
      S3_FORCE_PATH_STYLE=1
      S3_PUBLIC_BUCKET=studio-media
      S3_PRIVATE_BUCKET=studio-private
      S3_PUBLIC_URL=https://media.example.com
      S3_ACCESS_KEY_ID=
      S3_SECRET_ACCESS_KEY=
      CLOUDFLARE_TURN_KEY_ID=turn-key
      CLOUDFLARE_TURN_API_TOKEN=turn-token
    ENV
    error_message = "The lines for .env are not as they should be."
  }
}

run "names_the_endpoint_of_a_jurisdiction" {
  variables {
    jurisdiction = "eu"
  }

  assert {
    condition     = strcontains(output.env, "S3_ENDPOINT=https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com\n")
    error_message = "A bucket in the EU's jurisdiction is reached at an endpoint of its own."
  }
}
