export interface S3ObjectStoreConfig {
  endpoint: string;
  /** R2 says `auto`. */
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket in the path, not in the host name: what R2, MinIO and Ceph expect. Default: true. */
  forcePathStyle?: boolean;
  /** The one that `publicBaseUrl` reads. */
  publicBucket: string;
  /** No domain reaches it. */
  privateBucket: string;
  /** Where files lie; without it, in the private bucket under `files/`. */
  filesBucket?: string;
  /** The media domain over the public bucket. */
  publicBaseUrl: string;
}

export interface ObjectPlace {
  bucket: string;
  key: string;
}

/** The unsigned address of a public object. */
export function publicUrlIn({ publicBaseUrl }: S3ObjectStoreConfig, key: string): string {
  return `${publicBaseUrl.replace(/\/$/, "")}/${key}`;
}
