using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Core.Runs;

/// <summary>Keeps what a run is given in secret: encrypted with keys that are not in the database.</summary>
public sealed class SecretBox(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Runs.Secrets");

    public byte[]? Seal(JsonObject? secrets) =>
        secrets is { Count: > 0 } ? protector.Protect(JsonSerializer.SerializeToUtf8Bytes(secrets)) : null;

    public JsonObject Open(byte[]? box) => box is null ? [] : JsonNode.Parse(protector.Unprotect(box))!.AsObject();
}
