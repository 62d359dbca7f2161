using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Web.Hosting;

/// <summary>The keys as rows that every replica reads. What is stored is wrapped already.</summary>
internal sealed class KeysInDatabase(IDbContextFactory<PortalDbContext> contexts, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.Set<DataProtectionKey>().AsNoTracking().OrderBy(key => key.CreatedAt).ThenBy(key => key.Id)
            .Select(key => key.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.Add(Row(element, friendlyName, time));
        db.SaveChanges();
    }

    public static DataProtectionKey Row(XElement element, string friendlyName, TimeProvider time) =>
        new() { FriendlyName = friendlyName, Xml = element.ToString(
            SaveOptions.DisableFormatting), CreatedAt = time.Now() };
}
