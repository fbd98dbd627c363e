//! An S3 server over a folder.

use axum::response::IntoResponse as _;
use object_store::aws::AmazonS3Builder;
use reqwest::StatusCode;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tempfile::TempDir;
use tokio::net::TcpListener;

const WHO: &str = "somebody";
const SECRET: &str = "sesame";

/// Buckets that are there as long as this is.
pub(crate) struct Buckets {
    folder: TempDir,
    address: String,
}

impl Buckets {
    /// An S3 server with buckets of these names, for the one who knows the secret.
    pub(crate) async fn open(names: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        for name in names {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(WHO, SECRET));
        let service = builder.build();
        let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
            let service = service.clone();
            async move {
                let answer = service.call(request.map(s3s::Body::http_body_unsync)).await;
                // Where it stumbles it says so, as any S3 does, and is asked again.
                let stumbled =
                    |error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}")).into_response();
                answer.map_or_else(stumbled, |answer| answer.map(axum::body::Body::new))
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { folder, address }
    }

    /// How they are reached.
    pub(crate) fn reach(&self) -> AmazonS3Builder {
        AmazonS3Builder::new()
            .with_endpoint(&self.address)
            .with_allow_http(true)
            .with_region("local")
            .with_access_key_id(WHO)
            .with_secret_access_key(SECRET)
    }

    /// How many objects lie in the folder of a bucket.
    pub(crate) fn count(&self, path: &str) -> usize {
        let folder = self.folder.path().join(path);
        std::fs::read_dir(folder).map_or(0, |entries| entries.flatten().count())
    }
}
