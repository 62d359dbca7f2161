using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Core.Data;

namespace Portal.Core.Tests.Data;

/// <summary>What <c>./portal migration</c> writes down of the model is the model.</summary>
public sealed class WrittenModelTests
{
    private const string Due = "the mappings have changed: run ./portal migration refresh";

    [Fact]
    public void Context_TakesTheModelThatIsWritten()
    {
        using var db = Context();

        Assert.StartsWith(DataSetup.MigrationsAssembly, db.Model.GetType().FullName, StringComparison.Ordinal);
    }

    [Fact]
    public void WrittenModel_IsTheOneOfTheMappings()
    {
        using var db = Context();
        var made = db.GetService<IModelSource>().GetModel(
            db, db.GetService<ModelCreationDependencies>(), designTime: false);

        Assert.NotSame(made, db.Model);
        Assert.True(Describe(made).SequenceEqual(Describe(db.Model)), Due);
        Assert.True(Values(made).SequenceEqual(Values(db.Model)), Due);
    }

    private static PortalDbContext Context()
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase("Host=127.0.0.1");
        return new PortalDbContext(options.Options);
    }

    /// <summary>Without the kinds of indexes: those matter to migrations alone.</summary>
    private static IEnumerable<string> Describe(IModel model) => model.GetEntityTypes()
        .OrderBy(e => e.Name, StringComparer.Ordinal)
        .SelectMany(e => e.ToDebugString(MetadataDebugStringOptions.LongDefault).Split('\n'))
        .Where(line => !line.Contains("Npgsql:IndexMethod", StringComparison.Ordinal)
            && line.Trim() != "Annotations:");

    /// <summary>How each value is stored, which the description above leaves out.</summary>
    private static IEnumerable<string> Values(IModel model) =>
        from entity in model.GetEntityTypes().OrderBy(e => e.Name, StringComparer.Ordinal)
        from property in entity.GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal)
        select string.Join(' ', entity.Name, property.Name, property.GetColumnName(), property.GetColumnType(),
            property.GetValueConverter()?.GetType(), property.GetDefaultValueSql(), property.Sentinel,
            property.GetMaxLength(), property.GetPrecision(), property.GetScale(), property.IsConcurrencyToken,
            property.ValueGenerated, property.GetBeforeSaveBehavior(), property.GetAfterSaveBehavior());
}
