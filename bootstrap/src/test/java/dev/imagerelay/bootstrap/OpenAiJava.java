package dev.imagerelay.bootstrap;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** OpenAI's own Java client, which changes base URL and key and nothing else, in the two ways it can be called. */
enum OpenAiJava {
    BLOCKING {
        @Override
        ImagesResponse generate(OpenAIClient client, ImageGenerateParams order) {
            return client.images().generate(order);
        }

        @Override
        void stream(OpenAIClient client, ImageGenerateParams order, Consumer<ImageGenStreamEvent> events) {
            try (StreamResponse<ImageGenStreamEvent> answer = client.images().generateStreaming(order)) {
                answer.stream().forEach(events);
            }
        }
    },
    ASYNCHRONOUS {
        @Override
        ImagesResponse generate(OpenAIClient client, ImageGenerateParams order) {
            try {
                return client.async().images().generate(order).join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }

        @Override
        void stream(OpenAIClient client, ImageGenerateParams order, Consumer<ImageGenStreamEvent> events) {
            AsyncStreamResponse<ImageGenStreamEvent> answer = client.async().images().generateStreaming(order);
            try {
                answer.subscribe(events::accept).onCompleteFuture().join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }
    };

    abstract ImagesResponse generate(OpenAIClient client, ImageGenerateParams order);

    /** Returns at the end of the stream, and throws what ends it before that. */
    abstract void stream(OpenAIClient client, ImageGenerateParams order, Consumer<ImageGenStreamEvent> events);

    /** Orders one picture that costs 1 credit. */
    ImagesResponse generate(CountingProxy door, String key) {
        return generate(client(door, key), order().build());
    }

    static OpenAIClient client(CountingProxy door, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + door.port() + "/v1")
                .apiKey(key)
                .build();
    }

    /** An order for one picture that costs 1 credit. */
    static ImageGenerateParams.Builder order() {
        return ImageGenerateParams.builder()
                .model("gpt-image-2")
                .prompt("a lighthouse at dawn")
                .size(ImageGenerateParams.Size._1024X1024);
    }
}
