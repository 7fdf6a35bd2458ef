//! Why a request was not sent.

/// A request that the API would refuse, found before anything was sent. Places count from zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The prompt has no text.
    #[error("the prompt is empty")]
    EmptyPrompt,
    /// More than five pictures.
    #[error("{count} pictures, {} at most", crate::MAX_PICTURES)]
    TooManyPictures {
        /// How many there were.
        count: usize,
    },
    /// A picture without bytes.
    #[error("picture {place} is empty")]
    EmptyPicture {
        /// Which picture.
        place: usize,
    },
    /// A picture above 15,000,000 bytes.
    #[error("picture {place} has {bytes} bytes")]
    PictureTooLarge {
        /// Which picture.
        place: usize,
        /// Its size before base64.
        bytes: u64,
    },
    /// A picture of no width or no height.
    #[error("picture {place} has no width or no height")]
    PictureWithoutExtent {
        /// Which picture.
        place: usize,
    },
    /// A picture given by address where only bytes are taken (v0), or whose address is not http(s).
    #[error("picture {place} cannot be given by this address")]
    PictureAddress {
        /// Which picture.
        place: usize,
    },
    /// A field above its greatest length, empty where it must not be, or otherwise outside its rules.
    #[error("field {field} is outside its rules")]
    Field {
        /// The field as the API names it.
        field: &'static str,
    },
    /// Too many entries of a kind.
    #[error("{count} entries in {field}, {limit} at most")]
    TooMany {
        /// The field as the API names it.
        field: &'static str,
        /// How many there were.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Two entries with one name.
    #[error("two entries in {field} have one name")]
    Duplicate {
        /// The field as the API names it.
        field: &'static str,
    },
    /// Two fields that cannot be sent together.
    #[error("{first} and {second} exclude each other")]
    Exclusive {
        /// One field.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// The request cannot be written as JSON.
    #[error("the request cannot be written")]
    Unwritable,
}
