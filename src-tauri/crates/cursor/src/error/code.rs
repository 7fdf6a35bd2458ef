//! The codes of the API's errors.

use crate::open_enum::open_enum;

open_enum! {
    /// The code of a refusal. Decide by the code, not by the status: several statuses are unpublished.
    pub enum ErrorCode {
        /// The key is missing or wrong.
        Unauthorized = "unauthorized",
        /// The key does not exist any more.
        ApiKeyNotFound = "api_key_not_found",
        /// The plan has no cloud agents.
        PlanRequired = "plan_required",
        /// The role lacks a permission.
        RoleForbidden = "role_forbidden",
        /// The account has not got this feature.
        FeatureUnavailable = "feature_unavailable",
        /// The code host is not connected.
        IntegrationNotConnected = "integration_not_connected",
        /// A field is outside its rules, or something about branch, model or privacy is wrong.
        ValidationError = "validation_error",
        /// No JSON body.
        MissingBody = "missing_body",
        /// No such model.
        InvalidModel = "invalid_model",
        /// Not a branch name.
        InvalidBranchName = "invalid_branch_name",
        /// A repository is needed.
        RepositoryRequired = "repository_required",
        /// The repository is not open to the account or key.
        RepositoryAccess = "repository_access",
        /// The pull request cannot be read.
        PrResolutionFailed = "pr_resolution_failed",
        /// No such artifact.
        ArtifactNotFound = "artifact_not_found",
        /// Only a service account may do this.
        ServiceAccountRequired = "service_account_required",
        /// No such agent for this account.
        AgentNotFound = "agent_not_found",
        /// No such run.
        RunNotFound = "run_not_found",
        /// A run of this agent is not over.
        AgentBusy = "agent_busy",
        /// The agent is archived.
        AgentArchived = "agent_archived",
        /// The identifier is taken.
        AgentIdConflict = "agent_id_conflict",
        /// The run is over or never began.
        RunNotCancellable = "run_not_cancellable",
        /// The stream is past its retention.
        StreamExpired = "stream_expired",
        /// The stream is not there yet, or lost.
        StreamUnavailable = "stream_unavailable",
        /// The resume point is not of this run.
        InvalidLastEventId = "invalid_last_event_id",
        /// Too many requests, or the included usage is used up.
        RateLimitExceeded = "rate_limit_exceeded",
        /// The spending limit is reached.
        UsageLimitExceeded = "usage_limit_exceeded",
        /// The client went away.
        ClientCancelled = "client_cancelled",
        /// The server cannot do this.
        NotImplemented = "not_implemented",
        /// A service behind the server failed.
        UpstreamError = "upstream_error",
        /// The server failed.
        InternalError = "internal_error",
        /// A service behind the server has no capacity: a leaked internal error.
        ResourceExhausted = "resource_exhausted",
        /// Team administrators only.
        TeamAdminRequired = "team_admin_required",
        /// Members of a team only.
        TeamMembershipRequired = "team_membership_required",
        /// Keys of users only.
        UserRequired = "user_required",
        /// This kind of key cannot do this.
        KeyNotSupported = "key_not_supported",
    }
}
