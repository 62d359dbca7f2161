using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Web.Commands;

namespace Portal.Web.Hosting;

/// <summary>Data protection: what encrypts cookies, tokens of forms and the secrets of runs.</summary>
internal static class KeysSetup
{
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var options = Read(builder.Configuration);
        var folder = Folder(builder.Configuration);
        var protection = builder.Services.AddDataProtection().SetApplicationName("portal");
        if (options.Certificate.Length == 0)
        {
            // Not in the database: who steals a dump can read no secret with it.
            protection.PersistKeysToFileSystem(folder);
            return;
        }

        protection.ProtectKeysWithCertificate(KeysCertificates.Load(options, KeysOptions.Section));
        if (options.Previous.Count > 0)
        {
            protection.UnprotectKeysWithAnyCertificate([.. options.Previous.Select((file, at) => KeysCertificates.Load(
                file, $"{KeysOptions.Section}:{nameof(KeysOptions.Previous)}:{at}"))]);
        }

        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<IDbContextFactory<PortalDbContext>, TimeProvider>(
                (keys, contexts, time) => keys.XmlRepository = new KeysInDatabase(contexts, time));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<KeysTakeOver>(services, folder));
    }

    /// <summary>
    /// Replicas that share a database must share the keys, and those are not left beside what they encrypt: outside of
    /// Development a database of the operator's own wants the certificate.
    /// </summary>
    /// <exception cref="StartupException">It is not there.</exception>
    public static void RequireCertificate(IConfiguration configuration, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment() && !string.IsNullOrWhiteSpace(configuration.GetConnectionString("Portal"))
            && Read(configuration).Certificate.Length == 0)
        {
            throw new StartupException(
                $"{KeysOptions.Section}:Certificate is empty: with ConnectionStrings:Portal set, name a PFX or PEM file with a private RSA key there; it wraps the keys of all replicas in the database");
        }
    }

    /// <summary>Once the database is migrated, before anything is encrypted.</summary>
    /// <exception cref="StartupException">Keys are there that the certificates do not open: a key of this replica's own
    /// would part it from the others.</exception>
    public static async Task PrepareKeysAsync(this IServiceProvider services, CancellationToken cancellation)
    {
        if (services.GetService<KeysTakeOver>() is not { } takeOver) return;

        await takeOver.RunAsync(cancellation);
        var closed = Closed(
            services.GetRequiredService<IKeyManager>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        if (closed > 0)
        {
            throw new StartupException(
                $"{closed} data protection keys in the database are wrapped by another certificate: name it in {KeysOptions.Section}:{nameof(KeysOptions.Previous)}:0:Certificate; if it is lost for good, empty the table data_protection_keys, with which the secrets of open runs and all sign-ins are lost");
        }
    }

    /// <summary>Keys in use that cannot be unwrapped.</summary>
    public static int Closed(IKeyManager keys, DateTimeOffset now) =>
        keys.GetAllKeys().Count(key => !key.IsRevoked && key.ExpirationDate > now && !IsOpen(key));

    private static bool IsOpen(IKey key)
    {
        try
        {
            return key.Descriptor is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static KeysOptions Read(IConfiguration configuration) =>
        configuration.GetSection(KeysOptions.Section).Get<KeysOptions>() ?? new KeysOptions();

    private static DirectoryInfo Folder(IConfiguration configuration) =>
        new(Path.Combine(Path.GetFullPath(configuration[$"{PortalOptions.Section}:{nameof(PortalOptions.Data)}"]
            ?? new PortalOptions().Data), "keys"));
}
