using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.TestKit.GitHub.Server;

/// <summary>Finds out who asks, by the rules and in the words of GitHub.</summary>
internal sealed class Authentication(WorldState state, AppIdentity app)
{
    /// <summary>Of the API.</summary>
    public Caller Identify(HttpRequest request, string access)
    {
        var (scheme, token) = Split(request.Headers.Authorization.ToString());
        if (token.Length == 0) throw new Refusal(401, "Requires authentication");
        if (scheme is not ("bearer" or "token")) throw new Refusal(401, "Bad credentials");
        var isJwt = token.Count(c => c == '.') == 2;
        if (access == Access.App && !isJwt) throw new Refusal(401, "A JSON web token could not be decoded");
        var caller = isJwt ? Decode(token) : ByToken(token);
        if (caller.Kind == CallerKind.App && access is not (Access.App or Access.Anybody))
        {
            throw Refusal.NotAccessible();
        }
        return caller;
    }

    /// <summary>Of git: the token is the password, whatever the name.</summary>
    public Caller? OfBasic(HttpRequest request)
    {
        var (scheme, value) = Split(request.Headers.Authorization.ToString());
        if (scheme != "basic") return null;
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(value));
            return ByToken(pair[(pair.IndexOf(':') + 1)..]);
        }
        catch (Exception e) when (e is FormatException or Refusal)
        {
            return null;
        }
    }

    private Caller ByToken(string token)
    {
        if (!state.Tokens.TryGetValue(token, out var caller) || caller.Expires <= state.Now)
        {
            throw new Refusal(401, "Bad credentials");
        }
        if (caller.Kind == CallerKind.Installation && !caller.Organisation!.IsInstalled)
        {
            throw new Refusal(401, "Bad credentials");
        }
        if (caller.Kind == CallerKind.Installation && caller.Organisation!.IsSuspended)
        {
            throw new Refusal(403, "This installation has been suspended");
        }
        return caller;
    }

    private Caller Decode(string token)
    {
        try
        {
            var parts = token.Split('.');
            if ((string?)Json(parts[0])["alg"] != "RS256") throw Undecodable();
            if (!app.Key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1))
            {
                throw Undecodable();
            }
            return Check(Json(parts[1]));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw Undecodable();
        }
    }

    private Caller Check(JsonObject claims)
    {
        var now = state.Now.ToUnixTimeSeconds();
        if (claims["iss"]?.ToString() is not { } issuer || issuer != app.Id && issuer != app.ClientId)
        {
            throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer or the client ID of the app");
        }
        if (claims["exp"] is not JsonValue exp || !exp.TryGetValue<long>(out var expires) || expires <= now)
        {
            throw new Refusal(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
        }
        if (expires > now + 600) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
        if (claims["iat"] is not JsonValue iat || !iat.TryGetValue<long>(out var issued) || issued > now)
        {
            throw new Refusal(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
        }
        return new Caller(CallerKind.App, app.Login);
    }

    private static Refusal Undecodable() => new(401, "A JSON web token could not be decoded");

    private static JsonObject Json(string part) => JsonNode.Parse(Bytes(part))!.AsObject();

    private static byte[] Bytes(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);

    private static (string Scheme, string Value) Split(string header)
    {
        var space = header.IndexOf(' ');
        return space < 0 ? ("", "") : (header[..space].ToLowerInvariant(), header[(space + 1)..].Trim());
    }
}

/// <summary>The app that the portal signs in as.</summary>
internal sealed class AppIdentity : IDisposable
{
    public string Id { get; } = "424242";

    public string ClientId { get; } = "Iv23liPortalWorld";

    public string Slug { get; } = "portal";

    public string Login => $"{Slug}[bot]";

    public RSA Key { get; } = RSA.Create(2048);

    public string WebhookSecret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    public void Dispose() => Key.Dispose();
}
