using System.Text.RegularExpressions;
using Azure.Identity;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Identity;

/// <summary>Entra's codes in words that say what to change.</summary>
internal static partial class SignInWords
{
    private const int MaxMessage = 400;

    public static bool IsTransient(AuthenticationFailedException failure) =>
        failure is not CredentialUnavailableException
            && (CodeOf(failure) is "AADSTS90033" or "AADSTS90006" || CodeOf(failure) is null && Http(failure));

    public static Error Of(string instance, AuthenticationFailedException failure)
    {
        var key = $"Portal:Providers:{instance}";
        var code = CodeOf(failure);
        var words = code switch
        {
            "AADSTS7000215" => $"the client secret is wrong. Give {key}:ClientSecret the secret's value, not its id.",
            "AADSTS7000222" => "the client secret has expired. Make a new one (az ad app credential reset) and give it as "
                + $"{key}:ClientSecret.",
            "AADSTS90002" => $"there is no such tenant. Check {key}:TenantId and {key}:Cloud.",
            "AADSTS900023" => $"that is no tenant. Give {key}:TenantId the tenant's id, a GUID.",
            "AADSTS700016" => $"the tenant has no such app. Check {key}:ClientId and {key}:TenantId.",
            "AADSTS700027" or "AADSTS700024" =>
                $"the certificate or token that it signs in with is not accepted. Check {key}:CertificateFile, its "
                + "validity and the clock of this machine.",
            "AADSTS70021" or "AADSTS700213" =>
                "no federated credential of the app fits this workload. Compare issuer and subject with those of the "
                + "app.",
            "AADSTS53003" or "AADSTS50076" or "AADSTS50079" =>
                "the tenant's conditional access does not allow it. Use a service principal or a managed identity.",
            "AADSTS500011" =>
                $"the tenant does not know Resource Manager by that name. Check {key}:Cloud and {key}:ArmAudience.",
            _ when failure is CredentialUnavailableException =>
                $"no credential was found for {key}:Credential. {Start(failure)}",
            _ => Start(failure),
        };
        return new Error(
            code is null && Http(failure) ? ErrorKind.Unavailable : ErrorKind.Forbidden, "azure-sign-in",
            $"{instance} cannot sign in to Azure: {words}{(code is null ? "" : $" ({code})")}");
    }

    private static string? CodeOf(Exception failure) =>
        Code().Match(All(failure)) is { Success: true } match ? match.Value : null;

    private static bool Http(Exception failure)
    {
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException or TimeoutException or IOException
                || inner.GetType().Name is "RequestFailedException" or "MsalServiceException"
                && !Code().IsMatch(inner.Message)) return true;
        }
        return false;
    }

    private static string All(Exception failure) =>
        failure.InnerException is { } inner ? $"{failure.Message} {All(inner)}" : failure.Message;

    private static string Start(Exception failure)
    {
        return Words.Short(failure.Message.ReplaceLineEndings(" "), MaxMessage);
    }

    [GeneratedRegex("AADSTS[0-9]+")]
    private static partial Regex Code();
}
