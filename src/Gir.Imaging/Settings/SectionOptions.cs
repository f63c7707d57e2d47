using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gir.Imaging.Settings;

/// <summary>Options that an application's configuration may set, in a section of their own.</summary>
internal interface ISectionOptions
{
    /// <summary>The section, e.g. "Gir:Imaging".</summary>
    static abstract string Section { get; }

    /// <summary>Takes over what the section says.</summary>
    void Read(SettingsReader settings);

    /// <summary>What is wrong, each with the setting's name first: "MaxPixels is 0; expected at least 1."</summary>
    IEnumerable<string> Faults();
}

/// <summary>Registers options that are read from a section, then set by code, and validated when the host starts or at first use.</summary>
internal static class SectionOptions
{
    /// <summary>Adds them; however often it is called, the section is read once, before all code.</summary>
    public static IServiceCollection AddSectionOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Action<TOptions>? configure)
        where TOptions : class, ISectionOptions
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<TOptions> options = services.AddOptions<TOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<TOptions>, FromConfiguration<TOptions>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, Validator<TOptions>>());
        if (configure is not null)
            options.Configure(configure);
        return services;
    }

    private sealed class FromConfiguration<TOptions>(IServiceProvider provider) : IConfigureOptions<TOptions>
        where TOptions : class, ISectionOptions
    {
        public void Configure(TOptions options)
        {
            if (provider.GetService<IConfiguration>() is not { } configuration)
                return;
            var settings = new SettingsReader(configuration.GetSection(TOptions.Section));
            options.Read(settings);
            settings.Finish();
            if (settings.Faults.Count > 0)
                throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), settings.Faults);
        }
    }

    private sealed class Validator<TOptions> : IValidateOptions<TOptions>
        where TOptions : class, ISectionOptions
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            string[] faults = [.. options.Faults().Select(f => $"{TOptions.Section}:{f} (Set by the configuration or by code, as {typeof(TOptions).Name}.)")];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
