using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Web;

namespace Portal.TestKit.Azure.Server;

/// <summary>Entra's token endpoint for client credentials, with its own words for what is wrong.</summary>
internal sealed class SignIn
{
    private static readonly string[] Scopes =
    [
        "https://management.azure.com/.default", "https://management.azure.com//.default"
    ];

    private readonly ConcurrentDictionary<string, string> given = new(StringComparer.Ordinal);

    /// <summary>When true, the next sign-ins find their secret expired.</summary>
    public bool IsExpired { get; set; }

    public ArmReply Token(string tenant, string form)
    {
        var values = HttpUtility.ParseQueryString(form);
        if (!tenant.Equals(AzureWorld.TenantId, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(
                400, "invalid_request", 90002,
                $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");
        }
        if (values["grant_type"] != "client_credentials")
        {
            return Refuse(
                400, "unsupported_grant_type", 70003,
                $"The app requested an unsupported grant type '{values["grant_type"]}'.");
        }
        if (values["client_id"] != AzureWorld.ClientId)
        {
            return Refuse(
                400, "unauthorized_client", 700016,
                $"Application with identifier '{values["client_id"]}' was not found in the directory 'Shop'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.");
        }
        if (IsExpired)
        {
            return Refuse(
                401, "invalid_client", 7000222,
                $"The provided client secret keys for app '{AzureWorld.ClientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret.");
        }
        if (values["client_secret"] != AzureWorld.ClientSecret && values["client_assertion"] is null)
        {
            return Refuse(
                401, "invalid_client", 7000215,
                $"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{AzureWorld.ClientId}'.");
        }
        if (!Scopes.Contains(values["scope"]?.Split(' ')[0]))
        {
            return Refuse(
                400, "invalid_resource", 500011,
                $"The resource principal named {values["scope"]} was not found in the tenant named Shop.");
        }
        var token = Guid.NewGuid().ToString("N");
        given[token] = values["scope"]!;
        return ArmReply.Ok(new JsonObject
        {
            ["token_type"] = "Bearer", ["expires_in"] = 3599, ["ext_expires_in"] = 3599, ["access_token"] = token
        });
    }

    public bool IsGood(string authorization) => authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && given.ContainsKey(authorization[7..]);

    private static ArmReply Refuse(int status, string error, int code, string message) => new(status, new JsonObject
    {
        ["error"] = error, ["error_codes"] = new JsonArray(code),
        ["error_description"] =
            $"AADSTS{code}: {message} Trace ID: {Guid.NewGuid()} Correlation ID: {Guid.NewGuid()} Timestamp: 2026-11-25 10:00:00Z",
    });
}
