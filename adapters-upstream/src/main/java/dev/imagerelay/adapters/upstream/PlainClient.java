package dev.imagerelay.adapters.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Makes HTTP clients that send what they are given, once, and leave the answer alone. */
final class PlainClient {

    private static final TimeValue LONGEST_UNUSED = TimeValue.ofSeconds(30);

    private PlainClient() {}

    /** A client with connections to one upstream and all limits of the settings but the total one. */
    static CloseableHttpClient of(UpstreamSettings settings, InstantSource time) {
        Timeout connectLimit = Timeout.of(settings.connectLimit());
        // A request that is lost on a dead connection may not be sent a second time, so each connection is looked at
        // before it is used again.
        ConnectionConfig connection = ConnectionConfig.custom()
                .setConnectTimeout(connectLimit)
                .setSocketTimeout(Timeout.of(settings.idleLimit()))
                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                .build();
        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new Resolver())
                .setConnectionFactory(socket -> QuietConnection.make(time))
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setDefaultConnectionConfig(connection)
                .setTlsSocketStrategy((socket, name, port, attachment, context) ->
                        Tls.STRATEGY.upgrade(socket, name, port, attachment, context))
                .build();
        RequestConfig request = RequestConfig.custom()
                .setConnectionRequestTimeout(connectLimit)
                .setConnectionKeepAlive(LONGEST_UNUSED)
                .setAuthenticationEnabled(false)
                .build();
        return HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(request)
                .evictIdleConnections(LONGEST_UNUSED)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableConnectionState()
                .disableDefaultUserAgent()
                .build();
    }

    /**
     * Finds no address of this machine's own link, whatever the name: there are no image services, but the clouds'
     * metadata with the machine's credentials.
     */
    private static final class Resolver extends SystemDefaultDnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = super.resolve(host);
            for (InetAddress address : addresses) {
                if (address.isLinkLocalAddress()) {
                    throw new UnknownHostException(host + " is a link-local address, and no upstream is there");
                }
            }
            return addresses;
        }
    }

    /** Made when it is first needed: the certificates of all the authorities take a while to read. */
    private static final class Tls {

        static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
    }
}
