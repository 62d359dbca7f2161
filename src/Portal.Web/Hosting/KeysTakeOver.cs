using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Data;

namespace Portal.Web.Hosting;

/// <summary>
/// A portal that gets its certificate later keeps its keys: those in its data folder are wrapped and copied into the
/// database, so that cookies and sealed secrets stay readable. The files stay; the operator removes them when every
/// replica has the certificate.
/// </summary>
internal sealed class KeysTakeOver(
    DirectoryInfo folder, IOptions<KeyManagementOptions> keys, IDbContextFactory<PortalDbContext> contexts,
    TimeProvider time)
{
    /// <summary>An advisory lock that nothing else of ours uses.</summary>
    private const long Lock = 727_003;

    private static readonly XName RequiresEncryption = XName.Get(
        "requiresEncryption", "http://schemas.asp.net/2015/03/dataProtection");

    public async Task RunAsync(CancellationToken cancellation)
    {
        var files = folder.Exists ? folder.GetFiles("*.xml") : [];
        if (files.Length == 0) return;

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Replicas that start at once would each bring the same key.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", cancellation);
        var known = await db.Set<DataProtectionKey>().Select(key => key.FriendlyName).ToListAsync(cancellation);
        foreach (var file in files)
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                var element = XElement.Load(file.FullName);
                Wrap(
                    element,
                    keys.Value.XmlEncryptor ?? throw new InvalidOperationException("no certificate wraps the keys"));
                db.Add(KeysInDatabase.Row(element, name, time));
            }
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// As the framework does when it stores a new key: each element that asks for it is replaced by its encrypted form.
    /// </summary>
    private static void Wrap(XElement element, IXmlEncryptor encryptor)
    {
        foreach (var secret in element.DescendantsAndSelf().Where(e => (bool?)e.Attribute(RequiresEncryption) == true)
            .ToList())
        {
            var sealedForm = encryptor.Encrypt(new XElement(secret));
            secret.ReplaceWith(new XElement(
                XName.Get("encryptedSecret", RequiresEncryption.NamespaceName),
                new XAttribute("decryptorType", sealedForm.DecryptorType.AssemblyQualifiedName!),
                sealedForm.EncryptedElement));
        }
    }
}
