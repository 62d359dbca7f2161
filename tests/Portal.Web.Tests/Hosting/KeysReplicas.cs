using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Portal.TestKit;
using Portal.TestKit.Postgres;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Hosting;

/// <summary>
/// Portals that are built and do not listen, each with a data folder of its own, and certificates for them.
/// </summary>
internal sealed class KeysReplicas : IAsyncDisposable
{
    private const string Password = "correct horse";

    private readonly string folder = Directory.CreateTempSubdirectory("portal-keys-").FullName;
    private readonly List<WebApplication> built = [];

    /// <summary>In Production, unless the settings say otherwise.</summary>
    public async Task<IServiceProvider> BuildAsync(TestDatabase database, string name, string[] settings)
    {
        string[] own =
        [
            $"--Portal:Data={Path.Combine(folder, name)}", "--Portal:Port=0",
            $"--ConnectionStrings:Portal={database.ConnectionString}", "--environment=Production",
            "--applicationName=Portal.Web",
            "--Portal:Providers:local:Enabled=false", "--Logging:LogLevel:Default=Critical",
            $"--contentRoot={RepositoryRoot.Path}", $"--Portal:Templates:Root={RepositoryRoot.Path}",
        ];
        var app = await PortalApplication.BuildAsync([.. own, .. settings], CancellationToken.None);
        built.Add(app);
        return app.Services;
    }

    /// <summary>Settings that name a certificate, which is made on first use of its name.</summary>
    /// <param name="form">pfx, pem, "password file" (PEM, encrypted), "key beside" (two PEM files).</param>
    public string[] Certificate(string name, string form, string section = "Portal:Keys")
    {
        var (pfx, pem, encrypted, certificate, key, password) = (File(name, ".pfx"), File(
            name, ".pem"), File(name, "-sealed.pem"), File(name, ".crt"), File(name, ".key"), File(name, ".password"));
        if (!System.IO.File.Exists(pfx))
        {
            using var rsa = RSA.Create(2048);
            using var made =
                new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
            var cipher = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
            System.IO.File.WriteAllBytes(pfx, made.Export(X509ContentType.Pfx, Password));
            System.IO.File.WriteAllText(pem, $"{made.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}\n");
            System.IO.File.WriteAllText(
                encrypted,
                $"{made.ExportCertificatePem()}\n{rsa.ExportEncryptedPkcs8PrivateKeyPem(Password, cipher)}\n");
            System.IO.File.WriteAllText(certificate, made.ExportCertificatePem());
            System.IO.File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
            System.IO.File.WriteAllText(password, Password + "\n");
        }

        return form switch
        {
            "pfx" => [$"--{section}:Certificate={pfx}", $"--{section}:CertificatePassword={Password}"],
            "pem" => [$"--{section}:Certificate={pem}"],
            "password file" =>
            [
                $"--{section}:Certificate={encrypted}", $"--{section}:CertificatePasswordFile={password}"
            ],
            "key beside" => [$"--{section}:Certificate={certificate}", $"--{section}:PrivateKey={key}"],
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "no such form"),
        };
    }

    public string[] KeyFiles(string name) => Directory.GetFiles(Path.Combine(folder, name, "keys"));

    public async ValueTask DisposeAsync()
    {
        foreach (var app in built) await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string File(string name, string ending) => Path.Combine(folder, name + ending);
}
