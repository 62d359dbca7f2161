using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Providers.GitHub.Access;

/// <summary>
/// The app's private key, and what it signs: the short-lived token (RS256 JWT) by which the app itself signs in.
/// </summary>
internal sealed class AppKey : IDisposable
{
    private const string Header = """{"alg":"RS256","typ":"JWT"}""";

    /// <summary>GitHub takes 10 minutes at most, by its own clock.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(9);

    /// <summary>Clocks differ a little.</summary>
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(60);

    private readonly Lock access = new();
    private readonly RSA rsa;
    private readonly string appId;

    private AppKey(RSA rsa, string appId) => (this.rsa, this.appId) = (rsa, appId);

    public static AppKey Of(GitHubOptions options) => new(Import(Pem(options)), options.AppId);

    /// <summary>
    /// What is wrong with the configured key, beginning with the option's name; null when it is usable.
    /// </summary>
    public static string? Failure(GitHubOptions options)
    {
        if (options.PrivateKey.Length > 0 && options.PrivateKeyFile.Length > 0)
        {
            return "PrivateKey and PrivateKeyFile are both given: keep one of them";
        }
        if (options.PrivateKey.Length == 0 && options.PrivateKeyFile.Length == 0)
        {
            return "PrivateKeyFile is empty: give the file that GitHub let you download (or its text as PrivateKey)";
        }
        var name = options.PrivateKey.Length > 0 ? nameof(options.PrivateKey) : nameof(options.PrivateKeyFile);
        try
        {
            using var _ = Import(Pem(options));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{name} cannot be read: check that {options.PrivateKeyFile} is there and that the portal's user "
                + "may read it";
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // What is wrong in it is not told: it may be any secret.
            return $"{name} is no RSA key in PEM: give the .pem file of the app as GitHub made it (-----BEGIN RSA "
                + "PRIVATE KEY-----)";
        }
    }

    public string Token(DateTimeOffset now)
    {
        var payload =
            $$"""{"iat":{{(now - Back).ToUnixTimeSeconds()}},"exp":{{(now + Life - Back).ToUnixTimeSeconds()}},"iss":"{{appId}}"}""";
        var signed =
            $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        lock (access)
        {
            var signature = rsa.SignData(
                Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public void Dispose() => rsa.Dispose();

    private static string Pem(GitHubOptions options) =>
        options.PrivateKey.Length > 0
            ? options.PrivateKey.Replace("\\n", "\n", StringComparison.Ordinal)
            : File.ReadAllText(options.PrivateKeyFile);

    private static RSA Import(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            // A public key imports as well, and signs nothing.
            _ = rsa.ExportParameters(includePrivateParameters: true);
            return rsa;
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
